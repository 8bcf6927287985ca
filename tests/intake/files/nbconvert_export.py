#!/usr/bin/env python
# coding: utf-8

# # Homework 1

# In[1]:


get_ipython().system('pip install torch')
get_ipython().run_line_magic('load_ext', 'autoreload')
import torch


# In[2]:


get_ipython().run_cell_magic('time', '', 'x = 1\n')


# In[ ]:


def product_gradients(x, y, z):
    return z, z, x + y


# In[5]:


files = get_ipython().getoutput('ls')
print(files[0])
product_gradients(1, 2, 3)
